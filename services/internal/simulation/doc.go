// Package simulation runs the six services in one process and in virtual time, and lets a seed
// decide what happens to them.
package simulation
