package main

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestFind(t *testing.T) {
	targets, err := find("../..", regexp.MustCompile("."))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []target{
		{"../../scripts/local/cloud", "FuzzRequests"}, {"../../scripts/local/cloud/wire", "FuzzDecodeJSON"}, {"../../scripts/local/cloud/wire", "FuzzDecodeQuery"},
		{"../../scripts/local/cloud/eventbridge/pattern", "FuzzMatch"}, {"../../scripts/local/cloud/eventbridge/transform", "FuzzApply"},
		{"../../scripts/local/cloud/sns", "FuzzFilterPolicy"}, {"../../scripts/local/cloud/dynamodb", "FuzzExpressions"},
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
