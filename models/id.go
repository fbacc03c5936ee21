package models

import "github.com/oklog/ulid/v2"

// NewID makes an id: 26 letters and digits, sortable by time of creation, with
// no coordination between replicas (https://github.com/ulid/spec). Ids made in
// one process ascend strictly, so sorting by id is sorting by age.
func NewID() string { return ulid.Make().String() }
