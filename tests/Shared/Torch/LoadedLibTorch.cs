using System.Runtime.CompilerServices;
using LPZero.GpuNode.Devices;

namespace LPZero.Tests;

/// <summary>Loads libtorch before a test touches a type of TorchSharp; compiled into the test projects that compute.</summary>
internal static class LoadedLibTorch
{
    [ModuleInitializer]
    [System.Diagnostics.CodeAnalysis.SuppressMessage(
        "Usage", "CA2255", Justification = "A test assembly has no other place before its first test.")]
    internal static void Load() => LibTorch.Load();
}
