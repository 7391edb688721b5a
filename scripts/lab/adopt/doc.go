// Package adopt tests adopt, rename and upgrade in copies of this whole repository. The tests take minutes.
package adopt
