package lambda

import (
	"net/http"

	"example.com/localcloud/wire"
)

// Wire returns the table of operations.
func (s *Service) Wire() *wire.REST {
	const (
		functions = "/2015-03-31/functions"
		function  = functions + "/{FunctionName}"
		mappings  = "/2015-03-31/event-source-mappings"
		mapping   = mappings + "/{UUID}"
		events    = "/2019-09-25/functions/{FunctionName}/event-invoke-config"
	)
	route := func(pattern string, status int, op wire.Operation) wire.Route {
		return wire.Route{Pattern: pattern, Status: status, Operation: op}
	}
	return &wire.REST{
		Name: "lambda",
		Error: func(e *wire.Error) any {
			members := map[string]any{"Type": "User", "Message": e.Message, "message": e.Message}
			if e.Status >= http.StatusInternalServerError {
				members["Type"] = "Service"
			}
			for name, value := range e.Members {
				members[name] = value
			}
			return members
		},
		Routes: []wire.Route{
			route("POST "+functions, 201, wire.Op("CreateFunction", s.CreateFunction, need[*CreateFunctionInput]("CreateFunction"))),
			route("GET "+functions, 200, wire.Op("ListFunctions", s.ListFunctions, need[*ListFunctionsInput]("ListFunctions"))),
			route("GET "+function, 200, wire.Op("GetFunction", s.GetFunction, need[*FunctionInput]("GetFunction"))),
			route("DELETE "+function, 204, wire.Op("DeleteFunction", s.DeleteFunction, need[*FunctionInput]("DeleteFunction"))),
			route("GET "+function+"/configuration", 200, wire.Op("GetFunctionConfiguration", s.GetFunctionConfiguration, need[*FunctionInput]("GetFunctionConfiguration"))),
			route("PUT "+function+"/configuration", 200, wire.Op("UpdateFunctionConfiguration", s.UpdateFunctionConfiguration, need[*UpdateFunctionConfigurationInput]("UpdateFunctionConfiguration"))),
			route("PUT "+function+"/code", 200, wire.Op("UpdateFunctionCode", s.UpdateFunctionCode, need[*UpdateFunctionCodeInput]("UpdateFunctionCode"))),
			route("POST "+function+"/invocations", 200, wire.Op("Invoke", s.Invoke, need[*InvokeInput]("InvokeFunction"))),
			route("POST "+function+"/policy", 201, wire.Op("AddPermission", s.AddPermission, need[*AddPermissionInput]("AddPermission"))),
			route("GET "+function+"/policy", 200, wire.Op("GetPolicy", s.GetPolicy, need[*FunctionInput]("GetPolicy"))),
			route("DELETE "+function+"/policy/{StatementId}", 204, wire.Op("RemovePermission", s.RemovePermission, need[*RemovePermissionInput]("RemovePermission"))),
			route("PUT /2017-10-31/functions/{FunctionName}/concurrency", 200, wire.Op("PutFunctionConcurrency", s.PutFunctionConcurrency, need[*PutFunctionConcurrencyInput]("PutFunctionConcurrency"))),
			route("DELETE /2017-10-31/functions/{FunctionName}/concurrency", 204, wire.Op("DeleteFunctionConcurrency", s.DeleteFunctionConcurrency, need[*FunctionInput]("DeleteFunctionConcurrency"))),
			route("GET /2019-09-30/functions/{FunctionName}/concurrency", 200, wire.Op("GetFunctionConcurrency", s.GetFunctionConcurrency, need[*FunctionInput]("GetFunctionConcurrency"))),
			route("PUT "+events, 200, wire.Op("PutFunctionEventInvokeConfig", s.PutFunctionEventInvokeConfig, need[*EventInvokeConfigInput]("PutFunctionEventInvokeConfig"))),
			route("POST "+events, 200, wire.Op("UpdateFunctionEventInvokeConfig", s.UpdateFunctionEventInvokeConfig, need[*EventInvokeConfigInput]("UpdateFunctionEventInvokeConfig"))),
			route("GET "+events, 200, wire.Op("GetFunctionEventInvokeConfig", s.GetFunctionEventInvokeConfig, need[*FunctionInput]("GetFunctionEventInvokeConfig"))),
			route("DELETE "+events, 204, wire.Op("DeleteFunctionEventInvokeConfig", s.DeleteFunctionEventInvokeConfig, need[*FunctionInput]("DeleteFunctionEventInvokeConfig"))),
			route("POST "+mappings, 202, wire.Op("CreateEventSourceMapping", s.CreateEventSourceMapping, need[*CreateEventSourceMappingInput]("CreateEventSourceMapping"))),
			route("GET "+mappings, 200, wire.Op("ListEventSourceMappings", s.ListEventSourceMappings, need[*ListEventSourceMappingsInput]("ListEventSourceMappings"))),
			route("GET "+mapping, 200, wire.Op("GetEventSourceMapping", s.GetEventSourceMapping, need[*MappingInput]("GetEventSourceMapping"))),
			route("PUT "+mapping, 202, wire.Op("UpdateEventSourceMapping", s.UpdateEventSourceMapping, need[*UpdateEventSourceMappingInput]("UpdateEventSourceMapping"))),
			route("DELETE "+mapping, 202, wire.Op("DeleteEventSourceMapping", s.DeleteEventSourceMapping, need[*MappingInput]("DeleteEventSourceMapping"))),
		},
	}
}

// about is an input that names its resource.
type about interface{ resource() string }

func need[P interface {
	about
	*In
}, In any](action string) func(*In) []wire.Access {
	return func(in *In) []wire.Access {
		return []wire.Access{{Action: "lambda:" + action, Resource: P(in).resource()}}
	}
}

// Empty is the output of operations that return nothing.
type Empty struct{}
