// Package charging has the pages by which bills come about: tariffs, billing runs and
// charges, which are 公摊 and 一次性收费.
//
// The forms of tariffs and charges show their effect first and carry a fingerprint of
// it. The second post takes hold only if the effect is still the one that was shown: a
// rate that was changed after the preview brings the preview back. What a bill comes to
// is computed in package billing.
package charging
