// Package parties has the pages of 建设单位, the developer of a community: who it is, its one
// account over all its rooms, one statement, and one payment over them 合并收款.
package parties
