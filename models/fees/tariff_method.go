package fees

// Ways to compute a charge 计费方式.
const (
	MethodArea   = "area"    // 按面积: area x price x months
	MethodFixed  = "fixed"   // 固定: price x months
	MethodMeter  = "meter"   // 按表: usage x price, tiers allowed
	MethodShared = "shared"  // 公摊: a total cost over the rooms
	MethodOneOff = "one_off" // 一次性
)
