// Package docs writes the pages of a checkout's services and events, and an AsyncAPI document of the whole system, from
// the declarations alone: service.json, the events' schemas and their examples. The same declarations give the same files,
// so that they can be committed, reviewed and checked.
package docs
