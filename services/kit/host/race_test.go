//go:build race

package host

// perSecond is how many messages come during an outage: fewer, since the detector slows all down.
const perSecond = 2
