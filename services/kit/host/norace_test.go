//go:build !race

package host

// perSecond is how many messages come during an outage.
const perSecond = 20
