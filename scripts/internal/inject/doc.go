// Package inject injects faults into the local cloud by service: a service's calls fail, are throttled or are slow,
// its messages arrive twice, or its function crashes. The cloud's package faults documents the kinds.
//
// It also plays what comes from outside, such as the events of AWS services, which no customer may publish.
//
// Neither works on AWS: for any endpoint that isn't a local cloud, calls return a *NotLocalError.
package inject
