// Package mutations proves that the simulation can fail: it plants plausible bugs in the kit and the publisher, in a
// tree with the observatory, and checks that the simulation finds each. make test-mutations runs it.
package mutations
