namespace LPZero.Torch;

/// <summary>A number of any type, as an argument of an operation: integer, floating-point or truth value.</summary>
public sealed class Scalar
{
    internal Scalar(NativeNumber number) => Number = number;

    internal NativeNumber Number { get; }

    internal bool IsIntegral => Number.Kind == NativeNumberKind.Integer;

    /// <summary>The number as a double.</summary>
    public double ToDouble() => Number.Kind == NativeNumberKind.Floating ? BitConverter.Int64BitsToDouble(Number.Bits) : Number.Bits;

    /// <summary>The number as a float.</summary>
    public float ToSingle() => (float)ToDouble();

    /// <summary>The number as an integer; a fraction is cut off.</summary>
    public long ToInt64() => Number.Kind == NativeNumberKind.Floating ? (long)ToDouble() : Number.Bits;

    /// <summary>Whether the number is not zero.</summary>
    public bool ToBoolean() => ToDouble() != 0;

    /// <summary>An integer.</summary>
    public static implicit operator Scalar(int value) => new(new NativeNumber(value, NativeNumberKind.Integer));

    /// <summary>An integer.</summary>
    public static implicit operator Scalar(long value) => new(new NativeNumber(value, NativeNumberKind.Integer));

    /// <summary>A floating-point number.</summary>
    public static implicit operator Scalar(float value) => (double)value;

    /// <summary>A floating-point number.</summary>
    public static implicit operator Scalar(double value) => new(new NativeNumber(BitConverter.DoubleToInt64Bits(value), NativeNumberKind.Floating));

    /// <summary>A truth value.</summary>
    public static implicit operator Scalar(bool value) => new(new NativeNumber(value ? 1 : 0, NativeNumberKind.Truth));
}
