//! The commands of the README do what it says.

use crate::program::{finish, root};
