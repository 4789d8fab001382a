//! The board, on a wall of threads in memory: what stands there after what happened, in which order, and within the budget.
mod faults;
mod hearing;
mod random;
mod stories;
mod wall;
mod world;
