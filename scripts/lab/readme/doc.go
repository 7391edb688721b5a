// Package readme runs the commands in README.md, so that they stay correct.
package readme
