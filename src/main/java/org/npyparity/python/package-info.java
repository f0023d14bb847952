/** Makes fixtures on demand: NumPy in a process that stays alive, on this machine or in a container. */
@NullMarked
package org.npyparity.python;

import org.jspecify.annotations.NullMarked;
