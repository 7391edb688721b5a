package policy

import (
	"strconv"
	"strings"
	"time"
)

// keys holds the condition keys that the local cloud knows, in lower case: for each of its operations it can say which
// value AWS would give them, or that AWS would give none. The function finds a value that follows from the request
// itself; nil means that only Context or Caller can hold one. References: IAM user guide, "AWS global condition
// context keys", and the service authorization reference.
//
// A key without a value is read as absent, which lets a Deny pass. So a policy with a key that is not here is refused.
var keys = map[string]func(Request) []string{
	"aws:currenttime":     func(Request) []string { return []string{time.Now().UTC().Format(time.RFC3339)} },
	"aws:epochtime":       func(Request) []string { return []string{strconv.FormatInt(time.Now().Unix(), 10)} },
	"aws:requestedregion": func(r Request) []string { return []string{r.region()} },
	// A client reaches AWS over HTTPS; here a loopback port takes its place.
	"aws:securetransport": func(Request) []string { return []string{"true"} },
	// Nothing here calls a service on behalf of somebody else.
	"aws:viaawsservice": func(Request) []string { return []string{"false"} },

	"aws:principalisawsservice": func(r Request) []string { return []string{strconv.FormatBool(isService(r.Principal))} },
	"aws:principalservicename":  Request.serviceName,
	"aws:principalaccount":      Request.account,
	"aws:sourceowner":           Request.account, // the older name, in the default policy of a topic
	"aws:principalarn":          nil,
	"aws:principaltype":         nil,
	"aws:userid":                nil,
	"aws:username":              nil, // of users, and here are only roles
	"aws:sourceip":              nil, // not of requests that AWS services make

	"aws:multifactorauthpresent": nil,
	"aws:sourcearn":              nil, // of deliveries, as is aws:SourceAccount
	"aws:sourceaccount":          nil,

	"events:source":       nil, // of PutEvents, as is events:detail-type
	"events:detail-type":  nil,
	"sts:externalid":      nil, // of AssumeRole, as is sts:RoleSessionName
	"sts:rolesessionname": nil,

	"iam:passedtoservice": nil, // of iam:PassRole

	// Only operations that the local cloud doesn't have set these.
	"iam:awsservicename":      nil,
	"iam:permissionsboundary": nil,
}

func knows(key string) bool { _, known := keys[strings.ToLower(key)]; return known }

// lookUp returns the values of a condition key. Keys are case-insensitive, as in IAM.
func (r Request) lookUp(key string) []string {
	if values, ok := r.Context[key]; ok {
		return values
	}
	for name, values := range r.Context {
		if strings.EqualFold(name, key) {
			return values
		}
	}
	key = strings.ToLower(key)
	if r.Caller != nil {
		if values := r.Caller(key); len(values) > 0 {
			return values
		}
	}
	if find := keys[key]; find != nil {
		return find(r)
	}
	return nil
}

// region returns the region that a request was sent to. That of services without regions, and of requests that name no
// resource, is the first one.
func (r Request) region() string {
	if parts := strings.SplitN(r.Resource, ":", 6); len(parts) == 6 && parts[3] != "" {
		return parts[3]
	}
	return "us-east-1"
}

func (r Request) serviceName() []string {
	if !isService(r.Principal) {
		return nil
	}
	return []string{r.Principal}
}

func (r Request) account() []string {
	if parts := strings.Split(r.Principal, ":"); len(parts) > 5 {
		return []string{parts[4]}
	}
	return nil
}

func isService(principal string) bool { return strings.HasSuffix(principal, ".amazonaws.com") }
