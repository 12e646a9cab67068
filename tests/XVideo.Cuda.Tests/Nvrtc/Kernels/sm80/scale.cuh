#pragma once

static __device__ float scale() { return SCALE; }
