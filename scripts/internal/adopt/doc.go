// Package adopt makes a checkout its owner's: it takes the sample away, and gives the module and the product their names.
//
// What belongs to the sample is listed in services/sample.txt, a file of the sample and not of the machinery: a path a line,
// from the root. What a team has added is on no list, and stays. Where no service is left, a small one takes the sample's
// place (the folder _starter), so that nothing is empty.
//
// Adopting is a function of the tree alone, which is what make upgrade builds on: it adopts the version that a team
// began with and the later one, and merges the difference.
package adopt
