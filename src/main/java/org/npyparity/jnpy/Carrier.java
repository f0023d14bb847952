package org.npyparity.jnpy;

import java.nio.ByteBuffer;

/** The Java primitive whose array holds elements; moves whole runs between bytes and such arrays, bits untouched. */
enum Carrier {
    BYTE(1) {
        @Override
        Object allocate(int length) {
            return new byte[length];
        }

        @Override
        void get(ByteBuffer from, Object to, int at, int length) {
            from.get(from.position(), (byte[]) to, at, length);
        }

        @Override
        void put(Object from, int at, int length, ByteBuffer to) {
            to.put(to.position(), (byte[]) from, at, length);
        }

        @Override
        long bits(Object from, int at) {
            return ((byte[]) from)[at];
        }

        @Override
        long bits(ByteBuffer from, int at) {
            return from.get(at);
        }

        @Override
        void gather(Object from, int start, int stride, Object to, int at, int step, int length) {
            byte[] source = (byte[]) from;
            byte[] target = (byte[]) to;
            for (int i = 0, s = start, t = at; i < length; i++, s += stride, t += step) {
                target[t] = source[s];
            }
        }
    },
    SHORT(2) {
        @Override
        Object allocate(int length) {
            return new short[length];
        }

        @Override
        void get(ByteBuffer from, Object to, int at, int length) {
            from.asShortBuffer().get((short[]) to, at, length);
        }

        @Override
        void put(Object from, int at, int length, ByteBuffer to) {
            to.asShortBuffer().put((short[]) from, at, length);
        }

        @Override
        long bits(Object from, int at) {
            return ((short[]) from)[at];
        }

        @Override
        long bits(ByteBuffer from, int at) {
            return from.getShort(at);
        }

        @Override
        void gather(Object from, int start, int stride, Object to, int at, int step, int length) {
            short[] source = (short[]) from;
            short[] target = (short[]) to;
            for (int i = 0, s = start, t = at; i < length; i++, s += stride, t += step) {
                target[t] = source[s];
            }
        }
    },
    INT(4) {
        @Override
        Object allocate(int length) {
            return new int[length];
        }

        @Override
        void get(ByteBuffer from, Object to, int at, int length) {
            from.asIntBuffer().get((int[]) to, at, length);
        }

        @Override
        void put(Object from, int at, int length, ByteBuffer to) {
            to.asIntBuffer().put((int[]) from, at, length);
        }

        @Override
        long bits(Object from, int at) {
            return ((int[]) from)[at];
        }

        @Override
        long bits(ByteBuffer from, int at) {
            return from.getInt(at);
        }

        @Override
        void gather(Object from, int start, int stride, Object to, int at, int step, int length) {
            int[] source = (int[]) from;
            int[] target = (int[]) to;
            for (int i = 0, s = start, t = at; i < length; i++, s += stride, t += step) {
                target[t] = source[s];
            }
        }
    },
    LONG(8) {
        @Override
        Object allocate(int length) {
            return new long[length];
        }

        @Override
        void get(ByteBuffer from, Object to, int at, int length) {
            from.asLongBuffer().get((long[]) to, at, length);
        }

        @Override
        void put(Object from, int at, int length, ByteBuffer to) {
            to.asLongBuffer().put((long[]) from, at, length);
        }

        @Override
        long bits(Object from, int at) {
            return ((long[]) from)[at];
        }

        @Override
        long bits(ByteBuffer from, int at) {
            return from.getLong(at);
        }

        @Override
        void gather(Object from, int start, int stride, Object to, int at, int step, int length) {
            long[] source = (long[]) from;
            long[] target = (long[]) to;
            for (int i = 0, s = start, t = at; i < length; i++, s += stride, t += step) {
                target[t] = source[s];
            }
        }
    },
    FLOAT(4) {
        @Override
        Object allocate(int length) {
            return new float[length];
        }

        @Override
        void get(ByteBuffer from, Object to, int at, int length) {
            from.asFloatBuffer().get((float[]) to, at, length);
        }

        @Override
        void put(Object from, int at, int length, ByteBuffer to) {
            to.asFloatBuffer().put((float[]) from, at, length);
        }

        @Override
        long bits(Object from, int at) {
            return Float.floatToRawIntBits(((float[]) from)[at]);
        }

        @Override
        long bits(ByteBuffer from, int at) {
            return from.getInt(at);
        }

        @Override
        void gather(Object from, int start, int stride, Object to, int at, int step, int length) {
            float[] source = (float[]) from;
            float[] target = (float[]) to;
            for (int i = 0, s = start, t = at; i < length; i++, s += stride, t += step) {
                target[t] = source[s];
            }
        }
    },
    DOUBLE(8) {
        @Override
        Object allocate(int length) {
            return new double[length];
        }

        @Override
        void get(ByteBuffer from, Object to, int at, int length) {
            from.asDoubleBuffer().get((double[]) to, at, length);
        }

        @Override
        void put(Object from, int at, int length, ByteBuffer to) {
            to.asDoubleBuffer().put((double[]) from, at, length);
        }

        @Override
        long bits(Object from, int at) {
            return Double.doubleToRawLongBits(((double[]) from)[at]);
        }

        @Override
        long bits(ByteBuffer from, int at) {
            return from.getLong(at);
        }

        @Override
        void gather(Object from, int start, int stride, Object to, int at, int step, int length) {
            double[] source = (double[]) from;
            double[] target = (double[]) to;
            for (int i = 0, s = start, t = at; i < length; i++, s += stride, t += step) {
                target[t] = source[s];
            }
        }
    };

    /** The size of one value in bytes. */
    final int bytes;

    Carrier(int bytes) {
        this.bytes = bytes;
    }

    /** A zeroed array of this primitive. */
    abstract Object allocate(int length);

    /** Copies {@code length} values out of {@code from}, at its position, which stays, and in its byte order. */
    abstract void get(ByteBuffer from, Object to, int at, int length);

    /** Copies {@code length} values of an array into {@code to}, at its position, which stays, and in its byte order. */
    abstract void put(Object from, int at, int length, ByteBuffer to);

    /** The bits of one value of an array, sign-extended to 64. */
    abstract long bits(Object from, int at);

    /** The bits of the value that starts at byte {@code at}, sign-extended to 64. */
    abstract long bits(ByteBuffer from, int at);

    /** Copies {@code length} values that lie {@code stride} apart in {@code from} to places {@code step} apart in {@code to}. */
    abstract void gather(Object from, int start, int stride, Object to, int at, int step, int length);
}
