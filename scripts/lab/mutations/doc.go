// Package mutations shows that the simulation can fail: mistakes that somebody could make in the kit or the publisher are
// put into a tree with the observatory in it, and must be found there. make test-mutations runs it.
package mutations
