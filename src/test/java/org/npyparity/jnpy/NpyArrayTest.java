package org.npyparity.jnpy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NpyArrayTest {
    @Test
    void whatIsWrittenIsReadBackWithShapeDtypeAndOrder(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("a.npy");
        Npy.write(file, NpyArray.of(new double[] {1, 2, 3, 4, 5, 6}, 2, 3).inOrder(Order.FORTRAN));

        NpyArray array = Npy.read(file);

        assertEquals("float64 (2, 3) FORTRAN [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]", array.toString());
        assertArrayEquals(new double[] {1, 4, 2, 5, 3, 6}, array.transpose().doubles());
        assertArrayEquals(
                new double[] {1, 2, 3, 4, 5, 6}, array.inOrder(Order.C).doubles());
        assertEquals(6, array.getDouble(1, 2));
    }
}
