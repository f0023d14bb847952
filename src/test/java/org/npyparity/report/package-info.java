/** Reports are complete, escaped, add up and look right. */
@NullMarked
package org.npyparity.report;

import org.jspecify.annotations.NullMarked;
