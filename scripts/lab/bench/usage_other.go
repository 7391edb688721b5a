//go:build !linux

package main

import (
	"errors"
	"time"
)

var errNoUsage = errors.New("what another process uses is read from /proc, which only Linux has")

func cpuTime(int) (time.Duration, error) { return 0, errNoUsage }

func cpuOfTree(int) (time.Duration, error) { return 0, errNoUsage }

func resident(int) (int, error) { return 0, errNoUsage }

func processor() string { return "" }
