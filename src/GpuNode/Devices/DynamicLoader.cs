using System.Runtime.InteropServices;

namespace LPZero.GpuNode.Devices;

/// <summary>The system's loader, asked directly: .NET's own call wraps its words in advice of ten lines.</summary>
internal static partial class DynamicLoader
{
    private const int Lazy = 1;
    private const int Global = 0x100;

    /// <summary>Loads a library for the life of the process; libraries that need it by its name find it from then on.</summary>
    /// <returns>Null, or the loader's words where it does not load.</returns>
    public static string? Open(string file)
    {
        // Asked for the first time after a failure, .NET would look dlerror up, and so clear the error that it is asked for.
        Error();
        return Open(file, Lazy | Global) != 0 ? null : Marshal.PtrToStringUTF8(Error()) ?? "no reason given";
    }

    /// <summary>
    /// Sets a variable that libraries loaded later read, unless it is set: the environment that .NET hands out is a copy of theirs.
    /// </summary>
    public static void SetVariable(string name, string value) => SetVariable(name, value, overwrite: 0);

    [LibraryImport("libc.so.6", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);

    [LibraryImport("libc.so.6", EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Open(string file, int flags);

    [LibraryImport("libc.so.6", EntryPoint = "dlerror")]
    private static partial nint Error();
}
