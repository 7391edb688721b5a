// Package adopt makes a checkout its owner's: it removes the sample and renames the module and the product.
//
// The file services/sample.txt, part of the sample itself, lists what belongs to it: one path per line, relative to
// the root. What a team has added isn't listed and stays. If no service is left, a small starter service (the folder
// _starter) replaces the sample.
//
// The result depends on the tree alone. make upgrade relies on this: it adopts both the version that a team began
// with and the later one, and merges the difference.
package adopt
