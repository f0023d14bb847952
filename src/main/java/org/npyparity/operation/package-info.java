/** What can be audited: an operation's stages in order, their bounds, and the registry that users extend. */
@NullMarked
package org.npyparity.operation;

import org.jspecify.annotations.NullMarked;
