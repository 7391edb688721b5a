// Package inject puts faults into the local cloud, in the troupe's words: a service of ours that fails, is throttled, is
// slow, gets messages twice or crashes. What a fault is and does, the cloud's package faults tells.
//
// There is nothing to inject on AWS: a *NotLocalError says so of every endpoint that is no local cloud.
package inject
