package org.npyparity.operation;

/**
 * A stage that a check trusts, because it computes in twice the precision of float64.
 *
 * <p>A check recomputes every array from its actual predecessors, widened to float64. A copy must come out equal. Any
 * other stage is a sum of products of its inputs' elements, perhaps with a ReLU after it, so that
 *
 * <ul>
 *   <li>on the inputs it gives r with |r - exact| &lt;= u |r| + γ(n)² S + 5 n η, all of float64,
 *   <li>on their absolute values it gives S, the sum of the absolute products, and
 *   <li>on 1 where they are not zero, else 0, it gives n, how many products are not zero.
 * </ul>
 *
 * <p>Two stages may have the same output: another way to the same array, one as right as the other.
 *
 * @param stage the computation, from float64 arrays; a copy also from float32 ones
 * @param copies whether elements are only moved, or replaced by zero
 */
public record PreciseStage(Stage stage, boolean copies) {}
