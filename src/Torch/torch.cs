using System.Runtime.InteropServices;

namespace LPZero.Torch;

/// <summary>
/// The functions on tensors, with TorchSharp's names, signatures and meaning (TorchSharp 0.107), so that the same
/// source compiles against either. What is here is what the program uses.
/// </summary>
public static partial class torch
{
    /// <summary>The element types of tensors.</summary>
    public enum ScalarType : sbyte
    {
        /// <summary>Unsigned integer of 8 bits.</summary>
        Byte = 0,

        /// <summary>Signed integer of 32 bits.</summary>
        Int32 = 3,

        /// <summary>Signed integer of 64 bits.</summary>
        Int64 = 4,

        /// <summary>Floating-point number of 32 bits.</summary>
        Float32 = 6,

        /// <summary>Floating-point number of 64 bits.</summary>
        Float64 = 7,

        /// <summary>Two floating-point numbers of 32 bits: real and imaginary part.</summary>
        ComplexFloat32 = 9,

        /// <summary>Two floating-point numbers of 64 bits: real and imaginary part.</summary>
        ComplexFloat64 = 10,

        /// <summary>Truth value of one byte.</summary>
        Bool = 11,
    }

    /// <summary>Floating-point number of 32 bits.</summary>
    public static readonly ScalarType float32 = ScalarType.Float32;

    /// <summary>Floating-point number of 64 bits.</summary>
    public static readonly ScalarType float64 = ScalarType.Float64;

    /// <summary>Signed integer of 64 bits.</summary>
    public static readonly ScalarType int64 = ScalarType.Int64;

    /// <summary>Signed integer of 32 bits.</summary>
    public static readonly ScalarType int32 = ScalarType.Int32;

    /// <summary>Truth value of one byte.</summary>
    public static readonly ScalarType @bool = ScalarType.Bool;

    /// <summary>The version of libtorch.</summary>
    public static string __version__ => Marshal.PtrToStringUTF8(Native.torch_version())!;

    internal static ScalarType ElementType(Type type) =>
        type == typeof(float) ? ScalarType.Float32
        : type == typeof(double) ? ScalarType.Float64
        : type == typeof(long) ? ScalarType.Int64
        : type == typeof(int) ? ScalarType.Int32
        : type == typeof(bool) ? ScalarType.Bool
        : type == typeof(byte) ? ScalarType.Byte
        : throw new NotSupportedException($"The type {type.FullName} is not supported.");
}
