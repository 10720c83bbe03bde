//! What the embedder provides where there is no standard library.

use core::alloc::{GlobalAlloc, Layout};
use core::ffi::c_void;

unsafe extern "C" {
    /// `size` bytes of memory at a multiple of `alignment`, a power of two; NULL if there are none.
    fn iiptran_alloc(size: usize, alignment: usize) -> *mut c_void;
    /// Takes memory back; size and alignment are those with which it was asked for.
    fn iiptran_free(memory: *mut c_void, size: usize, alignment: usize);
    /// Ends the program or halts the machine: the library found a fault in itself, or had no memory.
    fn iiptran_abort() -> !;
}

struct Hooks;

// SAFETY: the header asks of the embedder what `GlobalAlloc` asks of an allocator.
unsafe impl GlobalAlloc for Hooks {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the embedder's function takes any size and alignment.
        unsafe { iiptran_alloc(layout.size(), layout.align()) }.cast()
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: the memory came from `alloc` with this layout.
        unsafe { iiptran_free(memory.cast(), layout.size(), layout.align()) }
    }
}

#[global_allocator]
static MEMORY: Hooks = Hooks;

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    // SAFETY: it takes nothing and does not return.
    unsafe { iiptran_abort() }
}
