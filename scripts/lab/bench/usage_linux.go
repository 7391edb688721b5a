package main

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// tick is the unit of CPU time in /proc, whatever the kernel's own (proc(5): USER_HZ).
const tick = time.Second / 100

// cpuTime returns the CPU time that a process and its threads have used (proc(5): utime and stime of stat).
func cpuTime(pid int) (time.Duration, error) { return sumOfTimes(pid, 2) }

// cpuOfTree returns it with that of the children that have ended (cutime and cstime).
func cpuOfTree(pid int) (time.Duration, error) { return sumOfTimes(pid, 4) }

// sumOfTimes adds the first of the four times in a process's stat.
func sumOfTimes(pid, times int) (time.Duration, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := bytes.Cut(raw, []byte(") ")) // after the name, which may contain anything
	fields := strings.Fields(string(rest))
	if len(fields) < 15 {
		return 0, fmt.Errorf("/proc/%d/stat has %d fields", pid, len(fields))
	}
	ticks := 0
	for _, field := range fields[11 : 11+times] {
		n, err := strconv.Atoi(field)
		if err != nil {
			return 0, fmt.Errorf("/proc/%d/stat: %w", pid, err)
		}
		ticks += n
	}
	return time.Duration(ticks) * tick, nil
}

// resident returns a process's resident memory, in bytes.
func resident(pid int) (int, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(string(raw))
	if len(fields) < 2 {
		return 0, fmt.Errorf("/proc/%d/statm: %q", pid, raw)
	}
	pages, err := strconv.Atoi(fields[1])
	return pages * os.Getpagesize(), err
}

// processor returns the name of the machine's CPU.
func processor() string {
	raw, _ := os.ReadFile("/proc/cpuinfo") // the report may lack it
	_, model, _ := strings.Cut(string(raw), "model name")
	model, _, _ = strings.Cut(model, "\n")
	return strings.Trim(model, "\t :")
}
