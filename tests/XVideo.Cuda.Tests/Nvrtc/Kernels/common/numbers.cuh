#pragma once
#include "scale.cuh"

typedef float Number;

static __device__ Number scaled(Number number) { return number * scale(); }
