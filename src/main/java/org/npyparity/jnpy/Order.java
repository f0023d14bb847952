package org.npyparity.jnpy;

/** The order in which the elements of an array follow each other in a file. */
public enum Order {
    /** Row-major: the last index moves fastest. */
    C,
    /** Column-major: the first index moves fastest. */
    FORTRAN
}
