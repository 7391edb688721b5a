package lambda

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"math"
	"strings"
	"time"
)

// report writes the end of an invocation's log, as Lambda does. The init duration is billed with the first
// invocation, as on AWS since August 2025.
func (in *instance) report(requestID string, took time.Duration, failure *Failure) {
	in.log("END RequestId: " + requestID)
	billed, start := took, ""
	if in.fresh {
		in.fresh = false
		billed += in.init
		start = fmt.Sprintf("\tInit Duration: %.2f ms", milliseconds(in.init))
	}
	in.log(fmt.Sprintf("REPORT RequestId: %s\tDuration: %.2f ms\tBilled Duration: %.0f ms\tMemory Size: %d MB\tMax Memory Used: %d MB%s%s",
		requestID, milliseconds(took), math.Ceil(milliseconds(billed)), *in.pool.settings.MemorySize, in.memoryUsed(), start, status(failure)))
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// status returns the status field of the report for an environment that was lost, or "". An error that the function
// itself returned has no status.
func status(failure *Failure) string {
	switch {
	case failure == nil || !failure.Spent:
		return ""
	case strings.HasSuffix(failure.Type, "Timedout"):
		return "\tStatus: timeout"
	default:
		return "\tStatus: error\tError Type: " + failure.Type
	}
}

// traceID returns the given id or a new one. Root has X-Ray's format: the time and a random number.
func traceID(given, mode string) string {
	if given != "" {
		return given
	}
	sampled := 0
	if mode == tracingActive {
		sampled = 1
	}
	id := make([]byte, 20)
	_, _ = rand.Read(id) // crypto/rand.Read never fails
	return fmt.Sprintf("Root=1-%08x-%s;Parent=%s;Sampled=%d", time.Now().Unix(), hex.EncodeToString(id[:12]), hex.EncodeToString(id[12:]), sampled)
}
