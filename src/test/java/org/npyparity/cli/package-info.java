/** The command line from outside: exit codes, output, errors. */
@NullMarked
package org.npyparity.cli;

import org.jspecify.annotations.NullMarked;
