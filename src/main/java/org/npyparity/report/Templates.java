package org.npyparity.report;

import freemarker.ext.beans.BeansWrapper;
import freemarker.template.Configuration;
import freemarker.template.Template;
import freemarker.template.TemplateException;
import freemarker.template.TemplateExceptionHandler;
import freemarker.template.TemplateHashModel;
import freemarker.template.TemplateModelException;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** The report for people and CI servers: each format is a template, and each template escapes what it inserts. */
final class Templates {
    private static final Configuration CONFIGURATION = configuration();
    /** Kept, for to look a template up takes half as long as to fill one in with a small case. */
    private static final Template TESTS = template("junit-tests.ftlx");

    private Templates() {}

    private static Configuration configuration() {
        Configuration configuration = new Configuration(Configuration.VERSION_2_3_34);
        configuration.setClassForTemplateLoading(Templates.class, "");
        configuration.setDefaultEncoding(StandardCharsets.UTF_8.name());
        configuration.setLocale(Locale.ROOT);
        // Numbers that a template inserts as they are must be digits only; the others go through Numbers.
        configuration.setNumberFormat("computer");
        configuration.setTemplateExceptionHandler(TemplateExceptionHandler.RETHROW_HANDLER);
        configuration.setLogTemplateExceptions(false);
        configuration.setRegisteredCustomOutputFormats(List.of(MarkdownOutputFormat.INSTANCE));
        TemplateHashModel functions = ((BeansWrapper) configuration.getObjectWrapper()).getStaticModels();
        try {
            configuration.setSharedVariable("numbers", functions.get(Numbers.class.getName()));
            configuration.setSharedVariable("facts", functions.get(Facts.class.getName()));
        } catch (TemplateModelException e) {
            throw new IllegalStateException(e);
        }
        return configuration;
    }

    static void summary(ReportView view, Writer out) throws IOException {
        process(template("summary.md.ftl"), Map.of("view", view), out);
    }

    static void junit(ReportView view, Writer out) throws IOException {
        Writer legal = new LegalXml(out);
        process(template("junit.xml.ftlx"), Map.of("view", view), legal);
        legal.flush();
    }

    /** The tests of a case by an engine, for the template of junit.xml. */
    static String tests(List<TestCase> tests) {
        StringWriter out = new StringWriter();
        try {
            process(TESTS, Map.of("tests", tests), out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString();
    }

    static void html(ReportView view, Writer out) throws IOException {
        process(template("index.html.ftlh"), Map.of("view", view), out);
    }

    private static Template template(String name) {
        try {
            return CONFIGURATION.getTemplate(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void process(Template template, Map<String, Object> model, Writer out) throws IOException {
        try {
            template.process(model, out);
        } catch (TemplateException e) {
            throw new IllegalStateException(template.getName() + ": " + e.getMessage(), e);
        }
    }

    /** XML 1.0 has no way to write most control characters, not even escaped. */
    private static final class LegalXml extends FilterWriter {
        private static final Pattern ILLEGAL = Pattern.compile("[\\x00-\\x1F\\uFFFE\\uFFFF&&[^\t\n\r]]");

        LegalXml(Writer out) {
            super(out);
        }

        @Override
        public void write(int c) throws IOException {
            write(Character.toString((char) c), 0, 1);
        }

        @Override
        public void write(char[] buffer, int offset, int length) throws IOException {
            write(new String(buffer, offset, length), 0, length);
        }

        @Override
        public void write(String text, int offset, int length) throws IOException {
            out.write(ILLEGAL.matcher(text.substring(offset, offset + length)).replaceAll("\uFFFD"));
        }
    }
}
