/** An audit's result, written for people and for machines. */
@NullMarked
package org.npyparity.report;

import org.jspecify.annotations.NullMarked;
