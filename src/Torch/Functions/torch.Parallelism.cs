namespace LPZero.Torch;

public static partial class torch
{
    /// <summary>Sets how many threads one operation may use on the CPU, in libtorch and in OpenBLAS, for every thread that calls.</summary>
    public static void set_num_threads(int num) => Native.Check(Native.torch_set_num_threads(num));

    /// <summary>How many threads one operation may use on the CPU.</summary>
    public static int get_num_threads()
    {
        Native.Check(Native.torch_get_num_threads(out var count));
        return count;
    }

    /// <summary>Sets how many threads libtorch keeps for running operations side by side. Can be done once, before they are used.</summary>
    public static void set_num_interop_threads(int num) => Native.Check(Native.torch_set_num_interop_threads(num));

    /// <summary>How many threads libtorch keeps for running operations side by side.</summary>
    public static int get_num_interop_threads()
    {
        Native.Check(Native.torch_get_num_interop_threads(out var count));
        return count;
    }
}
