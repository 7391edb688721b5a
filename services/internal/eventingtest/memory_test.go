package eventingtest_test

import (
	"testing"

	"example.com/troupe/services/internal/eventingtest"
	"example.com/troupe/services/internal/inbox"
)

func TestMemory(t *testing.T) {
	eventingtest.Driver(t, func(*testing.T) inbox.Driver { return eventingtest.NewMemory() })
}
