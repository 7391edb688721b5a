package lambda

import "context"

// minUnreserved is how much of the account's concurrency must stay for functions without a reservation (developer guide,
// "Configuring reserved concurrency for a function").
const minUnreserved = 100

// Concurrency is a function's reserved concurrency.
type Concurrency struct {
	ReservedConcurrentExecutions *int `json:",omitempty"`
}

// PutFunctionConcurrencyInput sets the maximum number of concurrent invocations. Zero disables the function.
type PutFunctionConcurrencyInput struct {
	FunctionName string `json:"-" path:"FunctionName"`
	Concurrency
}

func (in *PutFunctionConcurrencyInput) resource() string { return resourceOf(in.FunctionName) }

// PutFunctionConcurrency sets the reserved concurrency.
func (s *Service) PutFunctionConcurrency(_ context.Context, in *PutFunctionConcurrencyInput) (*Concurrency, error) {
	if n := in.ReservedConcurrentExecutions; n == nil || *n < 0 {
		return nil, invalid("ReservedConcurrentExecutions must be 0 or more")
	}
	return s.reserve(in.FunctionName, in.ReservedConcurrentExecutions)
}

// DeleteFunctionConcurrency removes the reserved concurrency.
func (s *Service) DeleteFunctionConcurrency(_ context.Context, in *FunctionInput) (*Concurrency, error) {
	return s.reserve(in.FunctionName, nil)
}

func (s *Service) reserve(name string, executions *int) (*Concurrency, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.find(name)
	if err != nil {
		return nil, err
	}
	left := maxConcurrency
	for _, other := range s.functions {
		if other != f && other.reserved != nil {
			left -= *other.reserved
		}
	}
	if executions != nil && left-*executions < minUnreserved {
		return nil, invalid("Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [%d].", minUnreserved)
	}
	f.reserved = executions
	s.keep(f)
	return &Concurrency{executions}, nil
}

// GetFunctionConcurrency returns the reserved concurrency. The output is empty if there is none.
func (s *Service) GetFunctionConcurrency(_ context.Context, in *FunctionInput) (*Concurrency, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := in.get(s)
	if err != nil {
		return nil, err
	}
	return &Concurrency{f.reserved}, nil
}
