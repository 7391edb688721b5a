package main

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestFind(t *testing.T) {
	targets, err := find("../../..", regexp.MustCompile("."))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []target{
		{"../../../scripts/cloud", "FuzzRequests"}, {"../../scripts/cloud/wire", "FuzzDecodeJSON"}, {"../../scripts/cloud/wire", "FuzzDecodeQuery"},
		{"../../../scripts/cloud/eventbridge/pattern", "FuzzMatch"}, {"../../scripts/cloud/eventbridge/transform", "FuzzApply"},
		{"../../../scripts/cloud/sns", "FuzzFilterPolicy"}, {"../../scripts/cloud/dynamodb", "FuzzExpressions"},
	} {
		if !slices.Contains(targets, want) {
			t.Errorf("%v is not found", want)
		}
	}
}

// TestNothingToRun: a pattern that matches no target is told, and is no success.
func TestNothingToRun(t *testing.T) {
	var out strings.Builder
	if err := fuzz(t.Context(), &out, regexp.MustCompile("^FuzzNothing$"), time.Second); err == nil || !strings.Contains(err.Error(), "no fuzz target matches") {
		t.Errorf("%v", err)
	}
}
