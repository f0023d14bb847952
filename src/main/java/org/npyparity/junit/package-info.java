/** The door for JUnit 5: fixtures as dynamic tests. */
@NullMarked
package org.npyparity.junit;

import org.jspecify.annotations.NullMarked;
