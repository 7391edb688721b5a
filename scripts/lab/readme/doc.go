// Package readme runs the commands that README.md shows, so that they can't rot.
package readme
