package cost

import (
	"maps"
	"math"
	"slices"
)

// Shared is the service of what belongs to none: the archive and the log of the bus.
const Shared = ""

// Usage is what one execution of a flow used.
type Usage struct {
	Services   map[string]*Used `json:"services"`
	Deliveries float64          `json:"deliveries"` // by rules to targets
}

// Used is what one service used in one execution.
type Used struct {
	Function     bool               `json:"function"`     // it ran as a function
	Units        map[string]float64 `json:"units"`        // billed units by the id of their price; GB for bytes
	Calls        map[string]float64 `json:"calls"`        // requests to AWS: "dynamodb GetItem"
	Invocations  float64            `json:"invocations"`  // of its function
	InvocationMS float64            `json:"invocationMs"` // all invocations, as measured
	Messages     float64            `json:"messages"`     // steps: messages and HTTP requests that it handled
	StepMS       float64            `json:"stepMs"`       // all steps, as measured
	CPUMS        float64            `json:"cpuMs"`        // CPU time of all steps, where StepMS contains the network
	Measured     bool               `json:"measured"`     // on AWS: durations contain the network
	HotKey       string             `json:"hotKey"`       // the key of its table that every execution writes, and writes most
	HotWrites    float64            `json:"hotWrites"`    // write units of that key
}

// Of returns what a service used. It adds an empty one.
func (u *Usage) Of(service string) *Used {
	if u.Services == nil {
		u.Services = map[string]*Used{}
	}
	if u.Services[service] == nil {
		u.Services[service] = &Used{Units: map[string]float64{}, Calls: map[string]float64{}}
	}
	return u.Services[service]
}

// Names returns the names of the services, sorted. Shared is the last.
func (u *Usage) Names() []string {
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(u.Services)), func(name string) bool { return name == Shared })
	if u.Services[Shared] != nil {
		names = append(names, Shared)
	}
	return names
}

// Total returns the sum of a figure over all services.
func (u *Usage) Total(of func(*Used) float64) (sum float64) {
	for _, used := range u.Services {
		sum += of(used)
	}
	return sum
}

// Add adds weight times another usage. The hottest key is that of the larger share.
func (u *Usage) Add(other *Usage, weight float64) {
	u.Deliveries += weight * other.Deliveries
	for name, from := range other.Services {
		to := u.Of(name)
		to.Function, to.Measured = to.Function || from.Function, to.Measured || from.Measured
		for id, n := range from.Units {
			to.Units[id] += weight * n
		}
		for call, n := range from.Calls {
			to.Calls[call] += weight * n
		}
		to.Invocations += weight * from.Invocations
		to.InvocationMS += weight * from.InvocationMS
		to.Messages += weight * from.Messages
		to.StepMS += weight * from.StepMS
		to.CPUMS += weight * from.CPUMS
		switch hot := weight * from.HotWrites; {
		case from.HotKey == to.HotKey:
			to.HotWrites += hot
		case hot > to.HotWrites:
			to.HotKey, to.HotWrites = from.HotKey, hot
		}
	}
}

// Sizes in which AWS bills, in bytes. A gigabyte of logs and archives is a binary one.
const (
	Chunk        = 64 << 10  // of an event, an SNS publish and an SQS request
	RequestChunk = 512 << 10 // of a request to an HTTP API
	GB           = 1 << 30
)

// Chunks returns the number of chunks that AWS bills for a size: at least one.
func Chunks(bytes, chunk int) float64 {
	return max(1, math.Ceil(float64(bytes)/float64(chunk)))
}
