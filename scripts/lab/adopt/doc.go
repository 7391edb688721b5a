// Package adopt holds tests of what makes a clone its owner's, in copies of this whole repository: it is renamed, and takes a
// later version in. They take minutes.
package adopt
