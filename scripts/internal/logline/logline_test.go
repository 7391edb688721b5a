package logline_test

import (
	"fmt"
	"strings"
	"testing"

	"example.com/troupe/scripts/internal/logline"
)

func TestParse(t *testing.T) {
	for _, test := range []struct {
		line, want, correlation string
		ok                      bool
	}{
		{`{"time":"2026-11-27T15:04:05.1Z","level":"WARN","msg":"poll failed","service":"buoy","environment":"local","error":"no queue","failures":3,"correlationId":"c-1"}`,
			"WARN  poll failed  error=no queue  failures=3", "c-1", true},
		{`{"time":"2026-11-27T15:04:05.1Z","level":"INFO","msg":"ready"}`, "INFO  ready", "", true},
		{`{"time":"2026-11-27T15:04:05.1Z","level":"INFO","msg":"step","step":{}}`, "", "", false},
		{"open /nowhere: no such file", "open /nowhere: no such file", "", true},
		{"{not JSON", "{not JSON", "", true},
		{"START RequestId: 1 Version: $LATEST", "", "", false},
		{"", "", "", false},
	} {
		got, ok := logline.Parse([]byte(test.line))
		if ok != test.ok || ok && (got.String() != test.want || got.CorrelationID != test.correlation) {
			t.Errorf("Parse(%s) = %q of %q, %t; want %q of %q, %t", test.line, got, got.CorrelationID, ok, test.want, test.correlation, test.ok)
		}
	}
}

func TestTail(t *testing.T) {
	var long, panics logline.Tail
	for i := range 20 {
		long.Add(fmt.Appendf(nil, "line %d", i))
		long.Add([]byte(`{"level":"INFO","msg":"all is well"}`))
	}
	if got := long.String(); !strings.HasPrefix(got, "  line 8\n") || !strings.HasSuffix(got, "  line 19") {
		t.Errorf("the tail of a long log is\n%s", got)
	}
	for _, line := range []string{"before", "panic: boom", "", "goroutine 1 [running]:"} {
		panics.Add([]byte(line))
	}
	for i := range 20 {
		panics.Add(fmt.Appendf(nil, "main.f%d()", i))
	}
	if got := panics.String(); !strings.HasPrefix(got, "  panic: boom\n") || strings.Contains(got, "f19") {
		t.Errorf("the tail of a panic is\n%s", got)
	}
}
