/** The command line: one class for each command, thin over the audit. */
@NullMarked
package org.npyparity.cli;

import org.jspecify.annotations.NullMarked;
