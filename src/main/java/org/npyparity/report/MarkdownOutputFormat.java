package org.npyparity.report;

import freemarker.core.CommonMarkupOutputFormat;
import freemarker.core.CommonTemplateMarkupOutputModel;
import java.io.IOException;
import java.io.Writer;
import org.jspecify.annotations.Nullable;

/** GitHub-flavoured Markdown: what is inserted stays text, also within a table's cell. */
final class MarkdownOutputFormat extends CommonMarkupOutputFormat<MarkdownOutputFormat.Markdown> {
    static final MarkdownOutputFormat INSTANCE = new MarkdownOutputFormat();

    /** Text or Markdown, whichever is not null. */
    static final class Markdown extends CommonTemplateMarkupOutputModel<Markdown> {
        // FreeMarker gives null for one of the two.
        @SuppressWarnings("NullAway")
        Markdown(@Nullable String text, @Nullable String markup) {
            super(text, markup);
        }

        @Override
        public MarkdownOutputFormat getOutputFormat() {
            return INSTANCE;
        }
    }

    private MarkdownOutputFormat() {}

    @Override
    public String getName() {
        return "Markdown";
    }

    @Override
    public String getMimeType() {
        return "text/markdown";
    }

    @Override
    public void output(String text, Writer out) throws IOException {
        out.write(escapePlainText(text));
    }

    @Override
    public String escapePlainText(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '&' -> escaped.append("&amp;");
                case '\n', '\r' -> escaped.append(' ');
                case '\\', '`', '*', '_', '[', ']', '|', '~', '#', '$' ->
                    escaped.append('\\').append(c);
                // A mention or a bare address would notify or link.
                case '@' -> escaped.append("&#64;");
                default -> escaped.append(c);
            }
        }
        return escaped.toString();
    }

    @Override
    public boolean isLegacyBuiltInBypassed(String builtIn) {
        return false;
    }

    @Override
    protected Markdown newTemplateMarkupOutputModel(@Nullable String text, @Nullable String markup) {
        return new Markdown(text, markup);
    }
}
