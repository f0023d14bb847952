package org.npyparity.jnpy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the head of an {@code .npy} file by this grammar, a subset of the Python literals that NumPy evaluates:
 *
 * <pre>{@code
 * header  = '{' entry { ',' entry } [ ',' ] '}' { ' ' | '\n' }       each of the three keys once, in any order
 * entry   = "'descr'" ':' string | "'fortran_order'" ':' ( 'True' | 'False' ) | "'shape'" ':' tuple
 * tuple   = '(' ')' | '(' integer ',' ')' | '(' integer ',' integer { ',' integer } [ ',' ] ')'
 * integer = '0' | nonzero { digit } [ 'L' ]                          the L, of Python 2, in versions 1.0 and 2.0 only
 * string  = "'" { character } "'" | '"' { character } '"'            printable ASCII without escapes
 * }</pre>
 *
 * <p>Blanks and line feeds may stand between tokens.
 */
final class HeaderParser {
    /** NumPy's _MAX_HEADER_SIZE. */
    private static final int MAX_HEADER = 10_000;
    /** The largest element of text in bytes: NumPy's sizes are C ints. */
    private static final int MAX_TEXT = Integer.MAX_VALUE;
    /** Enough to recognise the place, short enough for one line. */
    private static final int MAX_QUOTE = 24;
    /** The type strings that say all: byte order, kind, size. */
    private static final Pattern DESCR = Pattern.compile("([<>|])([biufcSU])(0|[1-9][0-9]{0,8})");

    private final Source source;
    private final int version;
    /** The offset of the dictionary in the file. */
    private final long start;

    private final byte[] text;
    private int at;

    private @Nullable String descr;
    private int descrAt;
    private @Nullable Order order;
    private long @Nullable [] shape;
    private int shapeAt;

    private HeaderParser(Source source, int version, long start, byte[] text) {
        this.source = source;
        this.version = version;
        this.start = start;
        this.text = text;
    }

    /** Reads the head, leaves the source at the data, and holds the size of the data against that of the source. */
    static NpyHeader readChecked(Source source) throws IOException {
        NpyHeader header = read(source);
        checkSize(source, header, source.size() - source.position());
        return header;
    }

    /** Refuses data that are not as many bytes as the head says. */
    static void checkSize(Source source, NpyHeader header, long data) throws NpyFormatException {
        if (header.dataBytes() != data) {
            throw source.refuse(
                    header.dataOffset(),
                    data + " bytes of data" + (data > header.dataBytes() ? " (too many)" : " (truncated)"),
                    header.dataBytes() + " for " + header.dtype().numpyName() + " " + NpyHeader.tuple(header.shape()));
        }
    }

    /** Reads the head and leaves the source at the data. */
    static NpyHeader read(Source source) throws IOException {
        long first = source.position();
        byte[] magic = source.read(NpyHeader.MAGIC.length, "the magic string \\x93NUMPY")
                .array();
        if (!Arrays.equals(magic, NpyHeader.MAGIC)) {
            boolean zip = magic[0] == 'P' && magic[1] == 'K';
            throw source.refuse(
                    first,
                    quote(magic) + (zip ? ", a zip archive such as .npz" : ""),
                    "'\\x93NUMPY', with which every .npy file starts");
        }
        ByteBuffer bytes = source.read(2, "format version");
        int version = bytes.get() & 0xFF;
        int minor = bytes.get() & 0xFF;
        if (version < 1 || version > 3 || minor != 0) {
            throw source.refuse(first + 6, "format version " + version + "." + minor, "1.0, 2.0 or 3.0");
        }
        long length = version == 1
                ? source.read(Short.BYTES, "header length").getShort() & 0xFFFFL
                : source.read(Integer.BYTES, "header length").getInt() & 0xFFFF_FFFFL;
        if (length > MAX_HEADER) {
            throw source.refuse(
                    first + 8,
                    "a header of " + length + " bytes",
                    "at most " + MAX_HEADER + ", which is NumPy's limit");
        }
        long start = source.position();
        byte[] text = source.read((int) length, "header").array();
        return new HeaderParser(source, version, start, text).parse();
    }

    private NpyHeader parse() throws NpyFormatException {
        expect('{', "'{', the start of a dictionary");
        skipBlanks();
        while (peek() != '}') {
            entry();
            skipBlanks();
            if (peek() == ',') {
                at++;
                skipBlanks();
            } else if (peek() != '}') {
                throw refuse("',' or '}'");
            }
        }
        int end = at++;
        skipBlanks();
        if (at < text.length) {
            throw refuse("nothing but blanks after the dictionary");
        }
        if (descr == null || order == null || shape == null) {
            String missing = descr == null ? "descr" : order == null ? "fortran_order" : "shape";
            throw refuse(end, "a dictionary without '" + missing + "'", "the keys 'descr', 'fortran_order', 'shape'");
        }
        return header(descr, order, shape);
    }

    private void entry() throws NpyFormatException {
        int keyAt = at;
        String key = string("a key in quotes");
        skipBlanks();
        expect(':', "':'");
        skipBlanks();
        switch (key) {
            case "descr" -> {
                once(descr == null, keyAt, key);
                descrAt = at;
                descr = descr();
            }
            case "fortran_order" -> {
                once(order == null, keyAt, key);
                order = literal("True") ? Order.FORTRAN : literal("False") ? Order.C : null;
                if (order == null) {
                    throw refuse("True or False");
                }
            }
            case "shape" -> {
                once(shape == null, keyAt, key);
                shapeAt = at;
                shape = tuple();
            }
            default -> throw refuse(keyAt, "the key '" + key + "'", "only 'descr', 'fortran_order', 'shape'");
        }
    }

    private void once(boolean first, int keyAt, String key) throws NpyFormatException {
        if (!first) {
            throw refuse(keyAt, "the key '" + key + "' again", "each key once");
        }
    }

    private String descr() throws NpyFormatException {
        if (peek() == '[' || peek() == '(') {
            throw refuse("the type string of one number, for structured dtypes and subarrays are not supported:"
                    + " save each field as an array of its own");
        }
        return string("a type string in quotes");
    }

    private long[] tuple() throws NpyFormatException {
        expect('(', "'(', the start of a tuple");
        skipBlanks();
        long[] extents = new long[NpyHeader.MAX_DIMS];
        int n = 0;
        boolean comma = true;
        while (peek() != ')') {
            if (!comma) {
                throw refuse("',' or ')'");
            }
            if (n == NpyHeader.MAX_DIMS) {
                throw refuse("at most " + NpyHeader.MAX_DIMS + " axes");
            }
            extents[n++] = integer();
            skipBlanks();
            comma = peek() == ',';
            if (comma) {
                at++;
                skipBlanks();
            }
        }
        if (n == 1 && !comma) {
            throw refuse("',', without which Python reads a number and no tuple");
        }
        at++;
        return Arrays.copyOf(extents, n);
    }

    private long integer() throws NpyFormatException {
        int first = at;
        long value = 0;
        while (peek() >= '0' && peek() <= '9') {
            int digit = text[at] - '0';
            if (value > (Long.MAX_VALUE - digit) / 10) {
                throw refuse(first, quote(text, first), "an extent below 2^63");
            }
            value = value * 10 + digit;
            at++;
        }
        if (at == first) {
            throw refuse("an extent: a decimal integer, not negative");
        }
        if (text[first] == '0' && at > first + 1) {
            throw refuse(first, quote(text, first), "a decimal integer without leading zeros");
        }
        if (peek() == 'L' && version < 3) {
            at++;
        }
        return value;
    }

    private String string(String what) throws NpyFormatException {
        int quote = peek();
        if (quote != '\'' && quote != '"') {
            throw refuse(what);
        }
        int first = ++at;
        while (peek() != quote) {
            if (peek() < ' ' || peek() > '~' || peek() == '\\') {
                throw refuse("printable ASCII without escapes, then a closing quote");
            }
            at++;
        }
        return new String(text, first, at++ - first, StandardCharsets.US_ASCII);
    }

    private boolean literal(String word) {
        byte[] letters = word.getBytes(StandardCharsets.US_ASCII);
        int end = at + letters.length;
        if (end > text.length || !Arrays.equals(text, at, end, letters, 0, letters.length)) {
            return false;
        }
        at = end;
        return true;
    }

    private NpyHeader header(String descr, Order order, long[] shape) throws NpyFormatException {
        Matcher parts = DESCR.matcher(descr);
        DType dtype = parts.matches() ? dtype(parts.group(2).charAt(0), Integer.parseInt(parts.group(3))) : null;
        boolean oneByte = dtype != null && dtype.bytes() == 1;
        if (dtype == null || (parts.group(1).equals("|") && !oneByte)) {
            throw refuse(descrAt, "dtype '" + descr + "'", reason(descr));
        }
        ByteOrder byteOrder = parts.group(1).equals(">") && !oneByte ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        long itemBytes = dtype.isFixedSize() ? dtype.bytes() : Long.parseLong(parts.group(3)) * dtype.bytes();
        if (!NpyHeader.fits(itemBytes, shape)) {
            throw refuse(shapeAt, "the shape " + NpyHeader.tuple(shape), "fewer than 2^63 bytes");
        }
        return new NpyHeader(version, dtype, byteOrder, itemBytes, order, shape, start + text.length);
    }

    private static @Nullable DType dtype(char kind, int size) {
        for (DType dtype : DType.values()) {
            if (dtype.kind() == kind
                    && (dtype.isFixedSize() ? dtype.bytes() == size : size <= MAX_TEXT / dtype.bytes())) {
                return dtype;
            }
        }
        return null;
    }

    /** What to expect instead of a type string that is none of ours, and why. */
    private static String reason(String descr) {
        String code = descr.replaceFirst("^[<>|=]", "");
        if (code.startsWith("O")) {
            return "numbers: Python objects are a pickle, which runs code when it is read, and are never supported";
        }
        if (code.startsWith("V")) {
            return "numbers: structured dtypes and raw bytes are not supported; save each field as an array of its own";
        }
        if (code.startsWith("M") || code.startsWith("m")) {
            return "numbers: dates are not supported; save array.view('i8') instead";
        }
        if (code.equals("f16") || code.equals("c32") || code.equals("f12") || code.equals("c24")) {
            return "at most 64 bits a number: the long double's layout differs between processors";
        }
        return "byte order, kind and size of one number: '|b1', '<i1' to '<i8', '<u1' to '<u8', '<f2' to '<f8',"
                + " '<c8', '<c16', or these with '>'";
    }

    /** The next character, or -1 at the end. */
    private int peek() {
        return at < text.length ? text[at] & 0xFF : -1;
    }

    private void expect(char character, String what) throws NpyFormatException {
        if (peek() != character) {
            throw refuse(what);
        }
        at++;
    }

    private void skipBlanks() {
        while (peek() == ' ' || peek() == '\n') {
            at++;
        }
    }

    private NpyFormatException refuse(String expected) {
        return refuse(at, at < text.length ? quote(text, at) : "the end of the header", expected);
    }

    private NpyFormatException refuse(int offset, String found, String expected) {
        return source.refuse(start + offset, found, expected);
    }

    /** Bytes as printable text, cut to the start if they are many. */
    static String quote(byte[] text) {
        return quote(text, 0);
    }

    private static String quote(byte[] text, int from) {
        StringBuilder quoted = new StringBuilder();
        for (int i = from; i < Math.min(text.length, from + MAX_QUOTE); i++) {
            int c = text[i] & 0xFF;
            quoted.append(c >= ' ' && c <= '~' ? String.valueOf((char) c) : String.format(Locale.ROOT, "\\x%02x", c));
        }
        return "'" + quoted.toString().stripTrailing() + (text.length > from + MAX_QUOTE ? "...'" : "'");
    }
}
