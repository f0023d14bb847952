package org.npyparity.conv.vector;

import jdk.incubator.vector.VectorSpecies;

/** What the processor has to offer. */
final class Registers {
    private Registers() {}

    /** The widest vectors, in bits, of processors that have 16 vector registers and not 32: AVX2's. */
    private static final int AVX2_BITS = 256;

    /** Whether there are 32 vector registers, as with AVX-512 and on every AArch64; 16 otherwise. */
    static boolean areMany(VectorSpecies<?> preferred) {
        return preferred.vectorBitSize() > AVX2_BITS
                || System.getProperty("os.arch", "").equals("aarch64");
    }
}
