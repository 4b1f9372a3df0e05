namespace LPZero.GpuNode.Devices;

/// <summary>
/// The library's own threads. An architecture is computed by one thread, so that the number of threads cannot change a
/// bit; the cores are filled with architectures side by side.
/// </summary>
public static class TorchThreads
{
    private static readonly Lazy<bool> Set = new(() =>
    {
        LibTorch.Load();
        set_num_threads(1);
        return true;
    });

    /// <summary>Turns the library's own threads off; the first call does it, for the whole process.</summary>
    public static void UseOne() => _ = Set.Value;
}
