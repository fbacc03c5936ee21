// Package merchant has the merchants of a sandbox with their ids and keys, and WeChat
// Pay's keys and platform certificates of each. It makes what the configuration lacks and
// replaces keys in a rotation.
//
// It sends nothing and checks no request. That is the concern of package apiv3.
package merchant
