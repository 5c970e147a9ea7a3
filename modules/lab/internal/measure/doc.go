// Package measure reads what somebody typed as an analyte's value, and judges it: by the range of the person it was
// measured of, by the critical bounds, and against the last released value. It is pure: no context, no database, no clock.
//
// What is reported is what is judged: a number is rounded to the analyte's decimals, halves away from nought, before
// anything is compared with it.
//
// A value that is only bounded, <0.5 or >1000, is judged by the worst it may be: it is N only when every number it may
// stand for is, and critical as soon as one of them is.
package measure
