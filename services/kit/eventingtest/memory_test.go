package eventingtest_test

import (
	"testing"

	"example.com/troupe/services/kit/eventingtest"
	"example.com/troupe/services/kit/inbox"
)

func TestMemory(t *testing.T) {
	eventingtest.Driver(t, func(*testing.T) inbox.Driver { return eventingtest.NewMemory() })
}
